/** What the shipped models have to reach, and how a bar is judged. */
import type { ModelCard } from '../../core/photo/model-card.ts';
import type { SetName } from './options.ts';

type Bars = Readonly<Partial<Record<SetName, number>>>;

/** Y-PSNR in dB at strength 0, int8: trained on processors alone, and where a GPU was there. */
export const fidelityBars: Readonly<Record<string, { readonly cpu: Bars; readonly gpu: Bars }>> = {
  'photo-x2': {
    cpu: { Set5: 37.35, Set14: 33.1, BSD100: 31.8 },
    gpu: { Set5: 37.65, Set14: 33.25, BSD100: 31.95 },
  },
  'photo-x2-best': {
    cpu: { Set5: 37.55, Set14: 33.25, BSD100: 31.9 },
    gpu: { Set5: 37.85, Set14: 33.45, BSD100: 32.1 },
  },
  'photo-x4': {
    cpu: { Set5: 31.1, Set14: 28.0, BSD100: 27.2 },
    gpu: { Set5: 31.7, Set14: 28.4, BSD100: 27.45 },
  },
};

/** dB that 8 bits may cost on a set. */
export const int8LossBar = 0.05;
/** dB that 16-bit arithmetic may cost. */
export const halfLossBar = 0.05;
/** dB over bicubic that an enlarger must gain on damaged photos at the best strength. */
export const damageGainBar = 0.8;
/** dB that cleaning must gain, by the JPEG quality. */
export const cleanGainBars: Readonly<Record<number, number>> = { 30: 0.9, 50: 0.8, 75: 0.5 };
/** Strengths at which nothing may become worse than bicubic. */
export const safeStrengths = { from: 0.25, to: 0.75 } as const;
/** dB that the strength chosen by itself may lie under the best fixed one. */
export const autoBar = 0.1;
/** dB that a crisp network may lie under the fidelity network of its scale. */
export const crispLossBar = 1.2;

/** 8-bit codes that the mean colour of a block may move. */
export function colourBar(card: ModelCard): number {
  return card.task === 'enlarge-crisp' ? 1 : 0.5;
}
