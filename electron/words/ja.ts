import type { Words } from './words.ts';

export const ja: Words = {
  menus: { file: 'ファイル', edit: '編集', view: '表示', window: 'ウィンドウ', help: 'ヘルプ' },
  app: {
    about: 'Enlarger について',
    services: 'サービス',
    hide: 'Enlarger を隠す',
    hideOthers: 'ほかを隠す',
    unhide: 'すべてを表示',
    quit: 'Enlarger を終了',
  },
  file: {
    addPhotos: '写真を追加…',
    addFolder: 'フォルダを追加…',
    settings: '設定…',
    close: 'ウィンドウを閉じる',
    quit: '終了',
  },
  edit: {
    undo: '元に戻す',
    redo: 'やり直す',
    cut: '切り取り',
    copy: 'コピー',
    paste: '貼り付け',
    delete: '削除',
    selectAll: 'すべて選択',
  },
  view: { resetZoom: '実際のサイズ', zoomIn: '拡大', zoomOut: '縮小', fullScreen: '全画面表示' },
  window: { minimize: '最小化', zoom: '拡大／縮小', front: 'すべてを手前に移動' },
  help: { website: 'ウェブサイト', issues: '問題を報告' },
  choose: { photos: '写真を追加', folder: 'フォルダを選択', photoFiles: '写真', allFiles: 'すべてのファイル' },
  crash: {
    title: 'ウィンドウが動作を停止しました。',
    text: '失われたものはありません。写真、結果、キューはそのまま残っています。処理中の写真は続行されます。',
    reload: 'もう一度表示',
    quit: '終了',
  },
  start: { failed: 'Enlarger を起動できません。' },
  batch: {
    title: 'Enlarger の処理が終わりました',
    done: { other: '{count} 枚の写真が完了しました。' },
    failed: { other: '{count} 枚は処理できませんでした。' },
  },
};
