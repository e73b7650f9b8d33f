/** Why a scan passed something over, as data: windows say it in their user's language, the command line by `skipReasonText`. */
import { z } from 'zod';
import { unreadableCodes, unreadableTexts } from './unreadable.ts';

export const plainSkipCodes = ['link', 'irregular', 'earlier-results', ...unreadableCodes] as const;

export const skipReasonSchema = z.discriminatedUnion('code', [
  z.object({ code: z.enum(plainSkipCodes) }),
  /** `twin`: the path under which the very same folder was looked at already. */
  z.object({ code: z.literal('same-folder'), twin: z.string() }),
  /** A folder that also holds photos which cannot be read; `extension` as `nef`. */
  z.object({
    code: z.literal('foreign-formats'),
    formats: z.array(z.object({ extension: z.string(), count: z.int().positive() })).min(1),
  }),
  /** `system`: the system's own code, such as `EBUSY`. */
  z.object({ code: z.literal('refused'), system: z.string() }),
]);
export type SkipReason = z.infer<typeof skipReasonSchema>;

/** In English. */
export function skipReasonText(reason: SkipReason): string {
  switch (reason.code) {
    case 'link':
      return 'it is a link; add the file or folder that it leads to';
    case 'irregular':
      return 'it is no regular file';
    case 'earlier-results':
      return 'results of earlier runs are not looked into; add this folder to have them here';
    case 'same-folder':
      return `it is the same folder as ${reason.twin}`;
    case 'foreign-formats':
      return `it also holds photos in formats that cannot be read (${formatCounts(reason.formats)})`;
    case 'refused':
      return `the system refuses to open it (${reason.system})`;
    default:
      return unreadableTexts[reason.code];
  }
}

function formatCounts(formats: readonly { readonly extension: string; readonly count: number }[]): string {
  return formats.map(({ extension, count }) => `${String(count)} ${extension.toUpperCase()}`).join(', ');
}
