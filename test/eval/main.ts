/**
 * `npm run eval [-- options]`: the quality of every shipped model, from its shipped files through the shipped engine,
 * as Markdown tables. Progress goes to stderr.
 */
import { writeFile } from 'node:fs/promises';
import { autoTable, measureAuto, type AutoCell } from './auto-table.ts';
import { writeMetrics } from './card-metrics.ts';
import { crispTable } from './crisp-table.ts';
import { damageTable } from './damage-table.ts';
import { hasStrength, shippedModels } from './eval-model.ts';
import { halfTable, measureHalf, type HalfResult } from './half-table.ts';
import { harmTable, measureHarm, type HarmResult } from './harm.ts';
import { markdownTable, type Table } from './markdown.ts';
import { parseOptions, setNames, usage, type EvalOptions, type TableName } from './options.ts';
import { proveSameAsCommand } from './proof.ts';
import { measureSlider, sliderTable, type SliderResult } from './slider.ts';
import { measureStandard, standardTable, type StandardResult } from './standard-table.ts';
import { autoDamages, damages, sweep, type SweepCell } from './sweep.ts';
import { setsFor, withWorkplace, type Workplace } from './workplace.ts';

/** Everything that was measured of a model; what was not asked for is absent. */
interface ModelResult {
  readonly id: string;
  readonly version: string;
  readonly proof: string;
  standard?: StandardResult[];
  damage?: SweepCell[];
  auto?: AutoCell[];
  harm?: HarmResult;
  slider?: SliderResult[];
  half?: HalfResult[] | null;
}

async function evaluate(place: Workplace, show: (table: Table) => void): Promise<ModelResult> {
  const { card } = place.model;
  const { options } = place;
  const asked = (table: TableName): boolean => options.tables.includes(table);
  const result: ModelResult = { id: card.id, version: card.version, proof: await proveSameAsCommand(place) };
  process.stdout.write(`## ${card.id} ${card.version}\n\n${result.proof}\n\n`);
  if (asked('standard')) show(standardTable(place, (result.standard = await measureStandard(place))));
  const choosing = asked('auto') && hasStrength(card);
  if (asked('damage') || choosing) {
    const sets = setsFor('damage', options);
    const bad = asked('damage') ? damages(card.scale) : [];
    const also = choosing ? autoDamages(card.scale).filter(({ name }) => bad.every((damage) => damage.name !== name)) : [];
    const cells = await sweep(place, sets, [...bad, ...also]);
    result.damage = cells;
    if (asked('damage'))
      show(
        damageTable(
          place,
          cells.filter((cell) => bad.some(({ name }) => name === cell.damage)),
        ),
      );
    if (choosing) {
      result.auto = await measureAuto(place, sets, autoDamages(card.scale));
      show(autoTable(place, result.auto, cells));
    }
  }
  if (asked('harm')) show(harmTable(place, (result.harm = await measureHarm(place))));
  if (asked('half')) show(halfTable(place, (result.half = await measureHalf(place))));
  if (asked('slider')) show(sliderTable(place, (result.slider = await measureSlider(place))));
  return result;
}

async function main(options: EvalOptions): Promise<void> {
  const models = await shippedModels(options.models);
  const there = setsFor('standard', options).map(({ name }) => name);
  const missing = setNames.filter((name) => options.sets.includes(name) && !there.includes(name));
  if (missing.length > 0)
    process.stdout.write(`Not measured, because its pictures are not there: ${missing.join(', ')} (see CONTRIBUTING.md).\n\n`);
  if (options.limit !== null)
    process.stdout.write(`Only the first ${options.limit} photos of each set: what is said of the bars is no verdict.\n\n`);
  const show = (table: Table): void => void process.stdout.write(`${markdownTable(table)}\n`);
  const results: ModelResult[] = [];
  for (const model of models) {
    const result = await withWorkplace(model, options, async (place) => await evaluate(place, show));
    results.push(result);
    if (options.cards) await writeMetrics(model, result);
  }
  const crisp = crispTable(models, new Map(results.map(({ id, standard }) => [id, standard ?? []])));
  if (crisp !== null) show(crisp);
  if (options.json !== null) {
    // JSON has no infinity: equal pictures come out as null.
    await writeFile(options.json, `${JSON.stringify({ options, results }, null, 2)}\n`);
  }
}

let options: EvalOptions | null = null;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
if (options !== null) await main(options);
