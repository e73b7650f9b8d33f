import type { Words } from './words.ts';

export const en: Words = {
  menus: { file: 'File', edit: 'Edit', view: 'View', window: 'Window', help: 'Help' },
  app: {
    about: 'About Enlarger',
    services: 'Services',
    hide: 'Hide Enlarger',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    quit: 'Quit Enlarger',
  },
  file: {
    addPhotos: 'Add Photos…',
    addFolder: 'Add Folder…',
    settings: 'Settings…',
    close: 'Close Window',
    quit: 'Quit',
  },
  edit: {
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    delete: 'Delete',
    selectAll: 'Select All',
  },
  view: { resetZoom: 'Actual Size', zoomIn: 'Zoom In', zoomOut: 'Zoom Out', fullScreen: 'Full Screen' },
  window: { minimize: 'Minimize', zoom: 'Zoom', front: 'Bring All to Front' },
  help: { website: 'Website', issues: 'Report a Problem' },
  choose: { photos: 'Add Photos', folder: 'Choose a Folder', photoFiles: 'Photos', allFiles: 'All Files' },
  crash: {
    title: 'The window stopped working.',
    text: 'Nothing is lost: photos, results and the queue are safe. Photos that are being enlarged go on.',
    reload: 'Show It Again',
    quit: 'Quit',
  },
  start: { failed: 'Enlarger cannot start.' },
  batch: {
    title: 'Enlarger has finished',
    done: { one: '{count} photo is done.', other: '{count} photos are done.' },
    failed: { one: '{count} could not be done.', other: '{count} could not be done.' },
  },
};
