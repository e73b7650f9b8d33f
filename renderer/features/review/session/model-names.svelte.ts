/** What people call the networks, and how much one of them enlarges. */
import type { ModelView } from '../../../../core/api/host-views.ts';
import type { Client } from '../../../../core/api/client.ts';

export type NamedModel = Pick<ModelView, 'name' | 'scale'>;

export class ModelNames {
  #models = $state.raw<ReadonlyMap<string, NamedModel>>(new Map());

  constructor(client: Client) {
    client.model.list().then(
      ({ models }) => (this.#models = new Map(models.map((model) => [model.id, model]))),
      // Their ids say nearly the same.
      () => undefined,
    );
  }

  /** The id, and no scale, of a network that is not installed any more. */
  get(id: string): NamedModel {
    return this.#models.get(id) ?? { name: id, scale: 0 };
  }
}
