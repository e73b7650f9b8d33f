import { beforeEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import ReviewLink from '../../../../renderer/features/review/ReviewLink.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { openTestApp } from '../../test-app.ts';
import WithApp from '../../WithApp.svelte';
import { until } from './stage-page.ts';

beforeEach(() => setLanguage('en'));

test('the way to the review says how many photos wait, and follows them', async () => {
  let waiting = 0;
  const { app, events } = await openTestApp({ overrides: { library: { count: () => ({ count: waiting }) } } });
  const { container } = await render(WithApp, { props: { app, component: ReviewLink, props: {} } });
  const text = (): string => container.textContent.trim();
  await until(() => text() === 'Review');
  waiting = 1234;
  events.emit('library', { changedIds: [1], listChanged: false });
  await until(() => text().startsWith('Review, 1,234 photos wait'));
  expect(container.querySelector('[aria-hidden]')?.textContent).toBe('Review 1,234');
});
