/** Pictures that come when the test says so. */

export interface HeldPicture {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Lets it come, in this colour. */
  come(colour?: string): Promise<void>;
  fail(error: Error): Promise<void>;
}

export interface HeldPictures {
  /** In the order in which they were asked for. */
  readonly asked: HeldPicture[];
  readonly read: (path: string, signal: AbortSignal) => Promise<ImageBitmap>;
}

export function holdPictures(): HeldPictures {
  const asked: HeldPicture[] = [];
  return {
    asked,
    read: (path, signal) =>
      new Promise((resolve, reject) => {
        const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
        signal.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
        asked.push({
          path,
          signal,
          async come(colour = 'red') {
            resolve(await plainBitmap(colour));
            await settled();
          },
          async fail(error) {
            reject(error);
            await settled();
          },
        });
      }),
  };
}

/** Of one colour, 4 × 4. */
export async function plainBitmap(colour: string): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(4, 4);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = colour;
  context.fillRect(0, 0, 4, 4);
  return await createImageBitmap(canvas);
}
