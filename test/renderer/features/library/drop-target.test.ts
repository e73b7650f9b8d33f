import { page } from 'vitest/browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import DropTarget from '../../../../renderer/features/library/DropTarget.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import { openTestApp, type TestAppOptions } from '../../test-app.ts';
import WithApp from '../../WithApp.svelte';

beforeEach(() => setLanguage('en'));

async function show(options: TestAppOptions = {}) {
  const test = await openTestApp(options);
  await render(WithApp, { props: { app: test.app, component: DropTarget, props: {} } });
  return test;
}

function drag(type: 'dragover' | 'dragleave' | 'drop', data: DataTransfer): DragEvent {
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
  document.body.dispatchEvent(event);
  return event;
}

function withFile(): DataTransfer {
  const data = new DataTransfer();
  data.items.add(new File(['x'], 'fjord.jpg', { type: 'image/jpeg' }));
  return data;
}

const overlay = () => page.getByText('Drop to add');

describe('the window as a place to drop photos', () => {
  it('says so while files are over it, and adds what is dropped', async () => {
    const grantDropped = vi.fn(() => Promise.resolve(['word']));
    const { calls } = await show({ bridge: { grantDropped } });
    const data = withFile();
    expect(drag('dragover', data).defaultPrevented).toBe(true);
    await expect.element(overlay()).toBeVisible();
    drag('drop', data);
    await expect.element(overlay()).not.toBeInTheDocument();
    await vi.waitFor(() =>
      expect(calls).toContainEqual({ call: 'library.add', params: { grants: ['word'], recursive: true, watch: false } }),
    );
    expect(grantDropped).toHaveBeenCalledOnce();
  });

  it('is itself again when they leave', async () => {
    await show();
    drag('dragover', withFile());
    await expect.element(overlay()).toBeVisible();
    drag('dragleave', withFile());
    await expect.element(overlay()).not.toBeInTheDocument();
  });

  it('does not care for anything else that is dragged', async () => {
    await show();
    const text = new DataTransfer();
    text.setData('text/plain', 'words');
    expect(drag('dragover', text).defaultPrevented).toBe(false);
    await expect.element(overlay()).not.toBeInTheDocument();
  });

  it('takes nothing below a dialog, and lets no file replace the page either', async () => {
    const { app, calls } = await show();
    app.adding.leftOut = { skipped: [], failed: [] };
    await expect.element(page.getByRole('dialog')).toBeVisible();
    expect(drag('dragover', withFile()).defaultPrevented).toBe(true);
    await expect.element(overlay()).not.toBeInTheDocument();
    expect(drag('drop', withFile()).defaultPrevented).toBe(true);
    expect(calls.some(({ call }) => call === 'library.add')).toBe(false);
  });

  it('opens the folder browser in a browser, and says why', async () => {
    await show();
    drag('dragover', withFile());
    drag('drop', withFile());
    await expect
      .element(page.getByText('A browser does not say where dropped files lie. Choose their folder here.'))
      .toBeVisible();
  });
});

describe('what was left out', () => {
  it('is told file by file, in words', async () => {
    const { app } = await show();
    app.adding.leftOut = {
      skipped: [{ path: '/a/link.jpg', reason: { code: 'link' } }],
      failed: [{ path: '/a/torn.jpg', failure: { code: 'damaged', message: 'The file is damaged.' } }],
    };
    await expect.element(page.getByRole('dialog', { name: '2 files left out.' })).toBeVisible();
    await expect.element(page.getByText('/a/torn.jpg')).toBeVisible();
    await expect.element(page.getByText('The file is damaged.')).toBeVisible();
    await expect.element(page.getByText('It is a link. Add the file or folder that it leads to.')).toBeVisible();
    await setLanguage('de');
    await expect.element(page.getByText(/^Eine Verknüpfung\./)).toBeVisible();
  });
});
