/** @file Main process: puts the desktop program together, and does nothing else. */
import { app, dialog, session } from 'electron';
import { openLiveHost, type LiveHost } from '../core/host/live-host.ts';
import { readPageFiles } from '../core/host/page-files.ts';
import { toFailure } from '../core/photo/failure.ts';
import { usualPreferences, type Language } from '../core/photo/preferences.ts';
import { announceBatches } from './batch-notice.ts';
import { answerCalls } from './calls.ts';
import { offerTextMenu } from './context-menu.ts';
import { offerReload } from './crash.ts';
import { desktopShell } from './desktop-shell.ts';
import { createDialogs } from './dialogs.ts';
import { receiveGivenFiles, type GivenFiles } from './given-files.ts';
import { createLinks } from './links.ts';
import { log } from './log.ts';
import { desktopMeans } from './means.ts';
import { setMenu, type MenuCommands } from './menu.ts';
import { readMetadata } from './metadata.ts';
import { forbidNavigation } from './navigation.ts';
import { forbidNetwork, lockSession } from './permissions.ts';
import { keepTogether, programPlaces } from './program-places.ts';
import { registerPageScheme, servePage } from './protocol.ts';
import { closeBeforeQuit } from './quit.ts';
import { noteRecentDocuments } from './recent-documents.ts';
import { stayAwakeWhileWorking } from './stay-awake.ts';
import { showTaskbarProgress } from './taskbar-progress.ts';
import { setTheme } from './theme.ts';
import { createMainWindow } from './window.ts';
import { openWindowMemory } from './window-state.ts';
import { chooseLanguage, wordsOf, type Words } from './words/words.ts';

/** A photo that is in the network stops between two tiles, and the backup of the day may have to be written. */
const closeLimitMs = 10_000;

let preferences = usualPreferences;
const language = (): Language => chooseLanguage(preferences.language, app.getLocale());
const words = (): Words => wordsOf(language());

app.enableSandbox();
forbidNetwork();
forbidNavigation();
registerPageScheme();
keepTogether();
const given = receiveGivenFiles();
// Not awaited: the program becomes ready only when this file has run.
if (given.isFirst) void app.whenReady().then(() => start(given).catch(cannotStart));
else app.quit();

/** The window comes first; what its page asks waits until the library is open. */
async function start(given: GivenFiles): Promise<void> {
  const places = programPlaces();
  const metadata = readMetadata(places.metadata);
  const pageFiles = await readPageFiles(places.page);
  if (metadata.appId !== null) app.setAppUserModelId(metadata.appId);
  lockSession(session.defaultSession);

  const memory = openWindowMemory(places.windowState);
  setTheme(memory.state.theme);
  const window = createMainWindow(places, memory, !app.isPackaged, (made) => {
    offerTextMenu(made, words);
    offerReload(made, words);
  });
  const dialogs = createDialogs(() => window.current, words);
  const opening = openLiveHost({
    library: app.commandLine.getSwitchValue('library') || null,
    means: desktopMeans({ ...places, ...metadata, log }),
    shell: desktopShell(dialogs),
  }).then(noteRecentDocuments);
  const endings: (() => unknown)[] = [() => memory.close(), async () => (await opening).close()];
  closeBeforeQuit(() => Promise.all(endings.map((end) => end())), closeLimitMs);

  answerCalls(opening);
  servePage(pageFiles, async (request) => (await opening).media(request));
  const links = createLinks(metadata.links);
  const commands: MenuCommands = {
    add: async (what) => openGiven(await opening, await dialogs.choose(what)),
    showSettings: () => window.goTo('#/settings'),
    openLink: (id) => links.open(id),
  };
  setMenu({ words: words(), links: links.ids, commands });
  window.show();
  app.on('activate', () => window.show());

  const host = await opening;
  endings.push(
    host.events.subscribe('preferences', (changed) => {
      preferences = changed;
      setTheme(changed.theme);
      memory.remember({ theme: changed.theme });
      setMenu({ words: words(), links: links.ids, commands });
    }),
    stayAwakeWhileWorking(host.events),
    showTaskbarProgress(host.events, () => window.current),
    announceBatches(host, window, language),
  );
  given.onGiven((paths) => {
    window.show();
    openGiven(host, paths);
  });
}

function openGiven(host: LiveHost, paths: readonly string[]): void {
  if (paths.length > 0) host.open(paths);
}

function cannotStart(error: unknown): void {
  dialog.showErrorBox(words().start.failed, toFailure(error).message);
  app.exit(1);
}
