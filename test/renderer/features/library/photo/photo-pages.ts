import type { PhotoPage, ResultView } from '../../../../../core/photo/library-view.ts';
import { noDetails } from '../../../../../core/photo/photo-details.ts';
import { photoSummary } from '../../../state/photo-summaries.ts';

/** A photo of which everything is known. */
export function photoPage(id: number, changes: Partial<PhotoPage> = {}): PhotoPage {
  return {
    ...photoSummary(id),
    facts: {
      ...{
        format: 'jpeg',
        width: 4032,
        height: 3024,
        orientation: 1,
        colour: 'rgb',
        hasAlpha: false,
        bitDepth: 8,
        progressive: true,
      },
      ...{ profileName: 'Display P3', pages: 1, fileBytes: 3_200_000, sha256: '0'.repeat(64), decodeMemoryBytes: 36_000_000 },
    },
    details: {
      ...noDetails,
      ...{
        takenAt: '2019-07-14T18:04:09',
        camera: 'X-T4',
        lens: 'XF 35 mm',
        exposureSeconds: 0.004,
        fNumber: 4,
        iso: 200,
        focalLengthMm: 35,
      },
      ...{ latitude: 59.9139, longitude: 10.7522, density: { x: 300, y: 300 }, keywords: ['fjord', 'summer'] },
    },
    failure: null,
    albums: [],
    results: [],
    ...changes,
  };
}

/** What was made of a photo: twice as large, waiting for a verdict. */
export function resultView(id: number, photoId: number, changes: Partial<ResultView> = {}): ResultView {
  return {
    ...{ id, photoId, name: 'IMG.jpg', state: 'ready', modelId: 'photo-x2', width: 8064, height: 6048, strength: null },
    recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
    ...{ createdMs: 0, readyMs: 1, failure: null, cached: true, outdated: false },
    ...changes,
  };
}
