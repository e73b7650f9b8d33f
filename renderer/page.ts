/** The page: connects to its host, and shows the window when the first answers are there. */
import { mount } from 'svelte';
import App from './App.svelte';
import { openBridge } from './host/bridge.ts';
import { openApp } from './state/app.svelte.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the window.');
mount(App, { target, props: { app: await openApp(await openBridge()) } });
