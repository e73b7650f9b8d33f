import common from './common.json';
import shell from './shell.json';
import failure from './failure.json';
import library from './library.json';
import enhance from './enhance.json';
import queue from './queue.json';
import review from './review.json';
import exporting from './export.json';
import settings from './settings.json';

/** One file a view. */
export const messages = { common, shell, failure, library, enhance, queue, review, export: exporting, settings };
