/** Proof that what is measured in this process is what the command does. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { decoded, jpegDamage } from './damage.ts';
import { enlarge, hasStrength } from './eval-model.ts';
import { throughCommand, type Workplace } from './workplace.ts';

/** Enlarges one JPEG both ways; throws Error unless every sample is the same. Returns a sentence that says so. */
export async function proveSameAsCommand(place: Workplace): Promise<string> {
  place.say('the same picture here and through the command');
  const [width, height] = [331, 254];
  const file = await jpegDamage(75).file({ rgb: drawSample(width, height), width, height }, '');
  const path = join(place.directory, 'proof.jpg');
  await writeFile(path, file);
  const strength = hasStrength(place.model.card) ? 0.375 : 0;
  const results = await throughCommand(place, [path], join(place.directory, 'proof'), ['--denoise', String(strength)]);
  const written = await decoded(await readFile(results.get(path)!.output));
  const here = await enlarge(place.int8, await decoded(file), strength);
  if (Buffer.compare(here, written.rgb) !== 0)
    throw new Error('The command gives other pixels than the networks run in this process: nothing measured here would be true');
  return `The network runs in this process through the engine's modules; in this run the command gave the same ${here.length} samples for a JPEG of ${width} × ${height} at strength ${strength}.`;
}
