import { beforeEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import ReviewLink from '../../../../renderer/features/review/ReviewLink.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { openTestApp } from '../../test-app.ts';
import WithApp from '../../WithApp.svelte';

beforeEach(() => setLanguage('en'));

test('the way to the review says how many photos wait, and follows them', async () => {
  let waiting = 0;
  const { app, events } = await openTestApp({ overrides: { library: { count: () => ({ count: waiting }) } } });
  const { container } = await render(WithApp, { props: { app, component: ReviewLink, props: {} } });
  await expect.element(container).toHaveTextContent(/^Review$/);
  waiting = 1234;
  events.emit('library', { changedIds: [1], listChanged: false });
  await expect.element(container).toHaveTextContent('Review, 1,234 photos wait');
  await expect.element(container.querySelector('[aria-hidden]')!).toHaveTextContent('Review 1,234');
});
