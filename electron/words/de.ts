import type { Words } from './words.ts';

export const de: Words = {
  menus: { file: 'Datei', edit: 'Bearbeiten', view: 'Darstellung', window: 'Fenster', help: 'Hilfe' },
  app: {
    about: 'Über Enlarger',
    services: 'Dienste',
    hide: 'Enlarger ausblenden',
    hideOthers: 'Andere ausblenden',
    unhide: 'Alle einblenden',
    quit: 'Enlarger beenden',
  },
  file: {
    addPhotos: 'Fotos hinzufügen …',
    addFolder: 'Ordner hinzufügen …',
    settings: 'Einstellungen …',
    close: 'Fenster schließen',
    quit: 'Beenden',
  },
  edit: {
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    delete: 'Löschen',
    selectAll: 'Alles auswählen',
  },
  view: { resetZoom: 'Originalgröße', zoomIn: 'Ansicht vergrößern', zoomOut: 'Ansicht verkleinern', fullScreen: 'Vollbild' },
  window: { minimize: 'Minimieren', zoom: 'Zoomen', front: 'Alle nach vorne bringen' },
  help: { website: 'Website', issues: 'Problem melden' },
  choose: { photos: 'Fotos hinzufügen', folder: 'Ordner wählen', photoFiles: 'Fotos', allFiles: 'Alle Dateien' },
  crash: {
    title: 'Das Fenster funktioniert nicht mehr.',
    text: 'Es ist nichts verloren: Fotos, Ergebnisse und die Warteschlange sind sicher. Fotos, die gerade vergrößert werden, laufen weiter.',
    reload: 'Wieder anzeigen',
    quit: 'Beenden',
  },
  start: { failed: 'Enlarger kann nicht starten.' },
  batch: {
    title: 'Enlarger ist fertig',
    done: { one: '{count} Foto ist fertig.', other: '{count} Fotos sind fertig.' },
    failed: { one: '{count} ist nicht gelungen.', other: '{count} sind nicht gelungen.' },
  },
};
