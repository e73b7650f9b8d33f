/** What IPTC-IIM 4.2 tells people. */
import { type Dataset, parseIim } from '../../metadata/iptc/iim.ts';
import { decodeText } from '../../metadata/text.ts';
import { cleanKeywords, cleanText, momentOf } from './clean.ts';
import type { SomeDetails } from './exif-details.ts';

/** Of record 2, the application record. */
const dataset = { title: 5, keyword: 25, dateCreated: 55, timeCreated: 60, headline: 105, caption: 120 } as const;

/** Throws `MalformedMetadata`. */
export function iptcDetails(block: Uint8Array): SomeDetails {
  const all = parseIim(block).filter(({ record }) => record === 2);
  const text = (id: number): string | null => cleanText(textsOf(all, id)[0]);
  const [date, time] = [text(dataset.dateCreated), text(dataset.timeCreated)];
  const moment = momentOf(date === null ? null : time === null ? date : `${date}T${time}`) ?? momentOf(date);
  return {
    taken: moment === null ? null : { moment, isCapture: true },
    title: text(dataset.title) ?? text(dataset.headline),
    description: text(dataset.caption),
    keywords: cleanKeywords(textsOf(all, dataset.keyword)),
  };
}

function textsOf(all: readonly Dataset[], id: number): string[] {
  return all.filter((each) => each.dataset === id).map(({ value }) => decodeText(value));
}
