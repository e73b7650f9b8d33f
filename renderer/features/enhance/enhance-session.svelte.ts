/** Everything that one open panel knows: its fields, the networks, the plan, and the preview of what it asks for. */
import type { Client } from '../../../core/api/client.ts';
import type { DeviceView, ModelView } from '../../../core/api/host-views.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';
import { servingNetworks, usedNetworks, type Original, type UsedNetworks } from './networks.ts';
import { originalSizes } from './plan-figures.ts';
import { PlanRequest } from './plan-request.svelte.ts';
import { formOf, recipeOf, targetOf, type RecipeForm } from './recipe-form.ts';

type Asked = Pick<Client, 'queue' | 'model' | 'device'>;

export class EnhanceSession {
  form = $state.raw<RecipeForm>(formOf(null));
  models = $state.raw<readonly ModelView[]>([]);
  device = $state.raw<DeviceView | null>(null);
  /** The network whose speed is being measured. */
  measuring = $state<string | null>(null);
  readonly plan: PlanRequest;
  readonly #client: Asked;
  readonly #measured = new Set<string>();

  /** Different sizes of the originals; empty until the first plan tells them. */
  originals = $derived.by<readonly Original[]>(() => (this.plan.plan === null ? [] : originalSizes(this.plan.plan)));
  /** Networks to choose from by name. */
  serving = $derived.by<readonly ModelView[]>(() => {
    const target = targetOf(this.form);
    return target === null ? [] : servingNetworks(this.models, target, this.originals);
  });
  /** The network that was chosen, where it makes this size; null: the best one. */
  model = $derived.by<string | null>(() => {
    const isThere = this.models.length === 0 || this.serving.some(({ id }) => id === this.form.model);
    return isThere ? this.form.model : null;
  });
  /** What `best for this size` means now; null where that depends on what is not known yet. */
  best = $derived.by<UsedNetworks | null>(() => this.#used(null));
  /** What will run. */
  used = $derived.by<UsedNetworks | null>(() => this.#used(this.model));
  /** Whether cleaning can be set: every network that will run takes a strength. */
  hasStrength = $derived.by<boolean>(
    () => this.used === null || (this.used.models.length > 0 && this.used.models.every((model) => model.hasStrength)),
  );
  /** Null while the fields make none. */
  recipe = $derived.by<Recipe | null>(() => {
    const recipe = recipeOf(this.form);
    return recipe && { ...recipe, model: this.model, denoise: this.hasStrength ? recipe.denoise : 'auto' };
  });
  /** A network that will run and whose speed nobody knows, and that was not tried in this session. */
  unmeasured = $derived.by<ModelView | null>(() => {
    if (this.measuring !== null) return null;
    return (
      this.used?.models.find(({ id, megapixelsPerSecond }) => megapixelsPerSecond === null && !this.#measured.has(id)) ?? null
    );
  });

  constructor(client: Asked, recipe: Recipe | null) {
    this.#client = client;
    this.plan = new PlanRequest(client);
    this.form = formOf(recipe);
  }

  change(fields: Partial<RecipeForm>): void {
    this.form = { ...this.form, ...fields };
  }

  /** Asks for networks and device. Rejects with the failure of the call. */
  async load(): Promise<void> {
    const [{ models }, { devices }] = await Promise.all([this.#client.model.list(), this.#client.device.list()]);
    this.models = models;
    this.device = devices.find(({ chosen }) => chosen) ?? devices[0] ?? null;
  }

  /** Measures a network, once in a session, and takes in what is known now. */
  async measure(id: string): Promise<void> {
    if (this.measuring !== null || this.#measured.has(id)) return;
    this.#measured.add(id);
    this.measuring = id;
    try {
      await this.#client.model.measure({ id });
      await this.load();
      this.plan.again();
    } catch {
      // Nobody asked for it: the queue has begun to work meanwhile, or the time stays unknown.
    } finally {
      this.measuring = null;
    }
  }

  close(): void {
    this.plan.close();
  }

  #used(model: string | null): UsedNetworks | null {
    const target = targetOf(this.form);
    return target === null || this.models.length === 0 ? null : usedNetworks(this.models, { model, target }, this.originals);
  }
}
