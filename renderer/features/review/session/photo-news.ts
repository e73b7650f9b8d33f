/** News of photos, which come in bursts: told together, after a rest. */
import type { Events } from '../../../../core/api/events.ts';

const restMs = 150;

export interface PhotoNewsOptions {
  /** Photos that changed in some way. */
  readonly onChanged: (photoIds: readonly number[]) => void;
  /** A photo's turn in the network is over, whatever came of it. Told at once. */
  readonly onEnhanced: (photoId: number) => void;
}

export class PhotoNews {
  readonly #onChanged: PhotoNewsOptions['onChanged'];
  readonly #changed = new Set<number>();
  readonly #endings: readonly (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: Events, { onChanged, onEnhanced }: PhotoNewsOptions) {
    this.#onChanged = onChanged;
    this.#endings = [
      events.subscribe('library', ({ changedIds }) => this.hear(changedIds)),
      events.subscribe('job', ({ kind, photoId, status }) => {
        if (kind !== 'enhance' || photoId === null || status.state === 'queued' || status.state === 'running') return;
        onEnhanced(photoId);
        this.hear([photoId]);
      }),
    ];
  }

  /** These are told as well. */
  hear(photoIds: readonly number[]): void {
    for (const id of photoIds) this.#changed.add(id);
    if (this.#changed.size > 0) this.#timer ??= setTimeout(() => this.#tell(), restMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const end of this.#endings) end();
  }

  #tell(): void {
    this.#timer = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#onChanged(changed);
  }
}
