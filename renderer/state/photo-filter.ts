/** Which photos a list shows and in which order, as a part of the address: a reload, "back" and a link come to the same list. Pure. */
import { photoQuerySchema, type PhotoQueryInput } from '../../core/photo/library-view.ts';

/** A query without its page. What is missing is not asked for. */
export type PhotoFilter = Omit<PhotoQueryInput, 'cursor' | 'limit'>;

const known = photoQuerySchema.omit({ cursor: true, limit: true }).partial().shape;

type Reader = (text: string) => unknown;
const asText: Reader = (text) => (text.trim() === '' ? undefined : text);
const asFlag: Reader = (text) => text === '1';
const asNumber: Reader = Number;

const readers = {
  text: asText,
  album: asText,
  rootId: asNumber,
  state: asText,
  enhanced: asFlag,
  favourite: asFlag,
  minRating: asNumber,
  sort: asText,
  descending: asFlag,
} as const satisfies Partial<Record<keyof PhotoFilter, Reader>>;

/** `state=ready`, `album=Norway`, `favourite=1`, `minRating=3`, `sort=name`, `descending=0`. What cannot be read is left out. */
export function parseFilter(params: Readonly<Record<string, string>>): PhotoFilter {
  const entries = Object.entries(readers).flatMap(([name, read]) => {
    const value = params[name] === undefined ? undefined : read(params[name]);
    // A default is for what asks the host; here it would be a wish that nobody had.
    const isWish = value !== undefined && known[name as keyof typeof readers].safeParse(value).success;
    return isWish ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** What `parseFilter` reads again; fields that are undefined are left out. */
export function filterParams(filter: { readonly [Name in keyof PhotoFilter]?: PhotoFilter[Name] | undefined }): Record<
  string,
  string
> {
  const entries = Object.keys(readers).flatMap((name) => {
    const value = filter[name as keyof typeof readers];
    if (value === undefined) return [];
    return [[name, typeof value === 'boolean' ? String(Number(value)) : String(value)] as const];
  });
  return Object.fromEntries(entries);
}

/** The order of a list: newest, largest and best first, but names from A to Z, unless something else was asked for. */
export function orderOf({ sort = 'taken', descending = sort !== 'name' }: PhotoFilter): {
  sort: NonNullable<PhotoFilter['sort']>;
  descending: boolean;
} {
  return { sort, descending };
}

/** Whether it is the whole of a place (the library, an album, a folder), or less because of what was searched for or left out. */
export function isNarrowed({ text, state, minRating, favourite, enhanced }: PhotoFilter): boolean {
  return [text, state, minRating, favourite, enhanced].some((part) => part !== undefined);
}
