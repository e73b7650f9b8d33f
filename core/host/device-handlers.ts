/** The calls of the contract about devices: what networks can run on here, what a check found, and what is used. */
import type { Handlers } from '../api/contract.ts';
import type { DeviceView } from '../api/host-views.ts';
import { judge, precisions, type Device } from '../photo/device.ts';
import type { Devices } from '../jobs/devices.ts';
import { isWorthBoth } from '../jobs/device-pair.ts';
import { onProcessor } from '../jobs/job-model.ts';
import type { InstalledModel, ModelStore } from '../jobs/model-store.ts';
import type { Speeds } from '../jobs/speeds.ts';
import { toFailure, type Failure } from '../photo/failure.ts';
import { cpuFacts } from './cpu.ts';
import { mayHaveGraphics } from './graphics.ts';
import { usualModel } from './measure.ts';
import { megapixelsPerSecond } from './measured-speed.ts';
import type { ModelService } from './model-handlers.ts';

export interface DeviceService extends Pick<ModelService, 'measure'> {
  readonly store: ModelStore;
  readonly devices: Devices;
  readonly speeds: Speeds;
  /** Default: what this computer shows. */
  readonly mayHave?: () => boolean;
}

const never = new AbortController().signal;

export function deviceHandlers(service: DeviceService): Handlers<'device'> {
  const { store, devices, speeds, measure, mayHave = mayHaveGraphics } = service;
  let checkFailure: Failure | null = null;

  const views = async (): Promise<{ devices: DeviceView[] }> => {
    const model = store.models.length === 0 ? null : usualModel(store.models);
    const { name, cores, threads, memoryBytes, vectorSets } = await cpuFacts();
    const facts = { name, cores, threads, memoryBytes, features: [...(vectorSets ?? [])] };
    const speed = model === null ? null : megapixelsPerSecond(speeds, onProcessor(model)[0]);
    const processor = found(devices, 'cpu', model);
    const failure = checkFailure ?? processor.failure;
    return {
      devices: [
        {
          ...{ id: 'cpu', ...facts, ...processor, failure },
          state: failure !== null ? 'failed' : speed === null && processor.checks.length === 0 ? 'unchecked' : 'checked',
          megapixelsPerSecond: speed,
        },
        graphicsView(found(devices, 'webgpu', model), mayHave()),
      ],
    };
  };
  return {
    list: views,
    async check() {
      const model = usualModel(store.models);
      try {
        await measure(model);
        checkFailure = null;
      } catch (error) {
        checkFailure = failureOfCheck(error);
      }
      if (checkFailure === null) await devices.check(model, mayHave() ? ['cpu', 'webgpu'] : ['cpu'], never);
      return await views();
    },
  };
}

type Found = Pick<DeviceView, 'chosen' | 'checks' | 'failure'>;

/** What is known of a device: failed is one that broke off or computed wrong pixels in every file, and one that failed in work. */
function found(devices: Devices, device: Device, model: InstalledModel | null): Found {
  if (model === null) return { chosen: false, checks: [], failure: null };
  const reports = (devices.known(device, model) ?? []).toSorted(
    (a, b) => precisions.indexOf(a.precision) - precisions.indexOf(b.precision),
  );
  const checks = reports.map((report) => {
    const verdict = judge(report);
    return { ...report, refusal: verdict.passed ? null : verdict.refusal };
  });
  const isOut = !devices.isTrusted(device) || (checks.length > 0 && checks.every(({ refusal }) => isFault(refusal)));
  const failure: Failure | null = isOut ? { code: 'device-failed', message: devices.whyNot(device, model) } : null;
  const [best, other] = devices.devicesFor(model);
  const both = isWorthBoth(devices.gainOfBoth(model));
  return { chosen: best?.device === device || (both && other?.device === device), checks, failure };
}

function isFault(refusal: DeviceView['checks'][number]['refusal']): boolean {
  return refusal === 'failed' || refusal === 'wrong';
}

function graphicsView({ checks, failure, chosen }: Found, mayHave: boolean): DeviceView {
  const speeds = checks.flatMap(({ megapixelsPerSecond }) => megapixelsPerSecond ?? []);
  const unknown = mayHave ? 'unchecked' : 'unavailable';
  return {
    ...{ id: 'webgpu', name: 'WebGPU', cores: null, threads: null, memoryBytes: null, features: [] },
    ...{ checks, failure, chosen },
    state: failure !== null ? 'failed' : checks.length > 0 ? 'checked' : unknown,
    megapixelsPerSecond: speeds.length === 0 ? null : Math.max(...speeds),
  };
}

/** What says nothing of the device is the caller's affair. */
function failureOfCheck(error: unknown): Failure {
  const failure = toFailure(error);
  if (failure.code === 'device-failed' || failure.code === 'out-of-memory' || failure.code === 'internal') return failure;
  throw error;
}
