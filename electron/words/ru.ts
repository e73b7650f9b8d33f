import type { Words } from './words.ts';

export const ru: Words = {
  menus: { file: 'Файл', edit: 'Правка', view: 'Вид', window: 'Окно', help: 'Справка' },
  app: {
    about: 'О программе Enlarger',
    services: 'Службы',
    hide: 'Скрыть Enlarger',
    hideOthers: 'Скрыть остальные',
    unhide: 'Показать все',
    quit: 'Завершить Enlarger',
  },
  file: {
    addPhotos: 'Добавить фотографии…',
    addFolder: 'Добавить папку…',
    settings: 'Настройки…',
    close: 'Закрыть окно',
    quit: 'Выход',
  },
  edit: {
    undo: 'Отменить',
    redo: 'Повторить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    delete: 'Удалить',
    selectAll: 'Выделить всё',
  },
  view: { resetZoom: 'Исходный размер', zoomIn: 'Увеличить масштаб', zoomOut: 'Уменьшить масштаб', fullScreen: 'Во весь экран' },
  window: { minimize: 'Свернуть', zoom: 'Изменить масштаб', front: 'Все окна — на передний план' },
  help: { website: 'Веб-сайт', issues: 'Сообщить о проблеме' },
  choose: { photos: 'Добавить фотографии', folder: 'Выбрать папку', photoFiles: 'Фотографии', allFiles: 'Все файлы' },
  crash: {
    title: 'Окно перестало работать.',
    text: 'Ничего не потеряно: фотографии, результаты и очередь в сохранности. Начатое увеличение продолжается.',
    reload: 'Показать снова',
    quit: 'Выйти',
  },
  start: { failed: 'Не удаётся запустить Enlarger.' },
  batch: {
    title: 'Enlarger закончил работу',
    done: {
      one: 'Готова {count} фотография.',
      few: 'Готовы {count} фотографии.',
      many: 'Готово {count} фотографий.',
      other: 'Готово {count} фотографии.',
    },
    failed: { other: 'Не удалось обработать: {count}.' },
  },
};
