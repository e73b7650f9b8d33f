/** Verdicts as steps that can be taken back. Pure. */
import type { ResultView } from '../../../../core/photo/library-view.ts';
import { nextResultState, type ResultState } from '../../../../core/photo/result.ts';
import type { ReviewPhoto } from './review-order.ts';

export interface VerdictStep {
  readonly resultId: number;
  readonly from: ResultState;
  readonly to: ResultState;
}

/** What the user did at once to one photo. */
export interface Verdict {
  readonly photoId: number;
  /** Of the photo. */
  readonly name: string;
  /** The result that it was about. */
  readonly resultId: number;
  readonly kind: 'accept' | 'reject';
  readonly steps: readonly VerdictStep[];
}

/** A call of the contract that makes steps true. */
export interface VerdictCall {
  readonly verb: 'accept' | 'reject' | 'reset';
  readonly ids: number[];
}

/**
 * What accepting or rejecting a result changes. One that is accepted is the choice among those that wait: the others of this photo are rejected
 * with it. What was accepted before stays, for who wants two sizes of a photo. Null: nothing would change.
 */
export function judge({ id: photoId, name, results }: ReviewPhoto, resultId: number, kind: Verdict['kind']): Verdict | null {
  const steps = results.flatMap(({ id, state }) => {
    const event = id === resultId ? kind : kind === 'accept' && state === 'ready' ? 'reject' : null;
    const to = event && nextResultState(state, event);
    return to === null || to === state ? [] : [{ resultId: id, from: state, to }];
  });
  return steps.some((step) => step.resultId === resultId) ? { photoId, name, resultId, kind, steps } : null;
}

/** Steps in the other direction. */
export function takenBack(steps: readonly VerdictStep[]): VerdictStep[] {
  return steps.map(({ resultId, from, to }) => ({ resultId, from: to, to: from }));
}

/** Results after steps. */
export function afterSteps(results: readonly ResultView[], steps: readonly VerdictStep[]): ResultView[] {
  return results.map((result) => {
    const step = steps.find(({ resultId }) => resultId === result.id);
    return step === undefined ? result : { ...result, state: step.to };
  });
}

/** The fewest calls for steps. What was exported cannot become so again by a call: taking that back makes it accepted. */
export function callsFor(steps: readonly VerdictStep[]): VerdictCall[] {
  const verbs: Record<ResultState, VerdictCall['verb']> = {
    ...{ accepted: 'accept', exported: 'accept', rejected: 'reject', ready: 'reset', pending: 'reset' },
  };
  const byVerb = Map.groupBy(steps, ({ to }) => verbs[to]);
  return [...byVerb].map(([verb, own]) => ({ verb, ids: own.map(({ resultId }) => resultId) }));
}
