/** The page: connects to its host, and shows the window when the first answers are there. */
import { mount } from 'svelte';
import App from './App.svelte';
import { openBridge, type Reach } from './host/bridge.ts';
import { setLanguage } from './messages/index.svelte.ts';
import { openApp } from './state/app.svelte.ts';
import StartFailure from './ui/StartFailure.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the window.');
const bridge = await openBridge();
try {
  mount(App, { target, props: { app: await openApp(bridge) } });
} catch (error) {
  let reach: Reach = 'there';
  bridge.onConnection((now) => (reach = now))();
  // Texts of another language come from the host as well: without it, English is what there is.
  await setLanguage('system').catch(() => undefined);
  mount(StartFailure, { target, props: { error, reach } });
}
