/** How far the crisp networks lie under the fidelity network of their scale, where both were measured in one run. */
import { crispLossBar } from './bars.ts';
import type { ShippedModel } from './eval-model.ts';
import { db, signed, verdict, type Table } from './markdown.ts';
import type { StandardResult } from './standard-table.ts';

/** Null when no pair was measured. `results` by model id. */
export function crispTable(
  models: readonly ShippedModel[],
  results: ReadonlyMap<string, readonly StandardResult[]>,
): Table | null {
  const rows = models
    .filter(({ card }) => card.task === 'enlarge-crisp')
    .flatMap(({ card }) => {
      const plain = `photo-x${card.scale}`;
      return (results.get(card.id) ?? []).flatMap(({ set, int8 }) => {
        const other = results.get(plain)?.find((result) => result.set === set);
        if (other === undefined) return [];
        const loss = other.int8.psnrDb - int8.psnrDb;
        return [
          [
            `${card.id}, ${set}`,
            db(int8.psnrDb),
            `${db(other.int8.psnrDb)} (${plain})`,
            signed(loss),
            verdict(loss <= crispLossBar),
          ],
        ];
      });
    });
  if (rows.length === 0) return null;
  return {
    title: 'Crisp networks beside those that are true to the pixels',
    head: ['model, set', 'PSNR dB at strength 0', 'true to the pixels', `lower by (≤ ${crispLossBar})`, 'reached'],
    rows,
    notes: [],
  };
}
