/** The calls of the contract about exports. */
import { relative, sep } from 'node:path';
import type { Handlers } from '../api/contract.ts';
import { toFailure } from '../photo/failure.ts';
import type { PhotoChoice } from '../photo/library-view.ts';
import { siblingName } from '../photo/output-name.ts';
import type { ResultRecord, ResultStore } from '../photo/stores.ts';
import { addExportBatch, exportShortage, planExportBatch, type ExportBatchService } from './export-batch.ts';

export interface ExportCallService extends ExportBatchService {
  readonly results: Pick<ResultStore, 'list'>;
  /** Numbers of the photos that a choice means, in their order. Throws `not-found` for an album that is not there. */
  readonly choose: (choice: PhotoChoice) => readonly number[];
  /** The path behind a grant. Throws `not-found`. */
  readonly resolve: (grant: string) => string;
}

export function exportHandlers(service: ExportCallService): Handlers<'export'> {
  return {
    async preview({ choice, folder, settings }) {
      const path = service.resolve(folder);
      const { planned, refused } = planExportBatch(service, { results: chosen(service, choice), folder: path, settings });
      const shortage = await exportShortage(service, planned);
      return {
        files: planned.map(({ result, plan, name, folder: own }) => ({
          resultId: result.id,
          name: [...relative(path, own).split(sep), siblingName(name, name.first)].filter((part) => part !== '').join('/'),
          width: plan.output.width,
          height: plan.output.height,
          bytes: plan.outputBytes,
        })),
        refused: [...refused],
        failure: shortage === null ? null : toFailure(shortage),
      };
    },
    add: async ({ choice, folder, settings }) =>
      await addExportBatch(service, { results: chosen(service, choice), folder: service.resolve(folder), settings }),
  };
}

/** Results that the user accepted, by themselves or of the chosen photos in their order. What was exported once may be exported otherwise. */
function chosen({ results, choose }: ExportCallService, choice: PhotoChoice | undefined): ResultRecord[] {
  const states = ['accepted', 'exported'] as const;
  if (choice === undefined) return results.list({ states });
  const photoIds = [...new Set(choose(choice))];
  const places = new Map(photoIds.map((id, place) => [id, place]));
  return results
    .list({ states, photoIds })
    .toSorted((a, b) => (places.get(a.photoId) ?? 0) - (places.get(b.photoId) ?? 0) || a.id - b.id);
}
