/** A call by its name → the handler that answers it. The one door through which every host is spoken to. */
import type { z } from 'zod';
import { EnlargerError, toFailure, type Outcome } from '../photo/failure.ts';
import { contract, type AllHandlers, type AnyCall } from './contract.ts';

/** Never rejects: whatever goes wrong is the failure in the outcome. */
export type Dispatch = (noun: string, verb: string, params: unknown) => Promise<Outcome<unknown>>;

type AnyHandler = (params: unknown) => Promise<unknown>;

/** Parses what is asked for and what is answered with the contract's schemas; either can come from another process, or from another version. */
export function createDispatcher(handlers: AllHandlers): Dispatch {
  return async (noun, verb, params) => {
    try {
      const call = member(contract, noun, verb) as AnyCall | undefined;
      const handler = member(handlers, noun, verb) as AnyHandler | undefined;
      if (call === undefined || handler === undefined)
        throw new EnlargerError('not-found', `There is no call "${noun}.${verb}".`);
      const asked = call.params.safeParse(params ?? {});
      if (!asked.success)
        throw new EnlargerError('internal', `The call ${noun}.${verb} was made with wrong values (${faults(asked.error)}).`);
      const answered = call.result.safeParse(await handler(asked.data));
      if (!answered.success)
        throw new EnlargerError('internal', `The answer to ${noun}.${verb} has wrong values (${faults(answered.error)}).`);
      return { ok: true, value: answered.data };
    } catch (error) {
      return { ok: false, failure: toFailure(error) };
    }
  };
}

/** An own member of an own member, or undefined: `constructor` and its relatives are no calls. */
function member(tree: object, noun: string, verb: string): unknown {
  const verbs = ownMember(tree, noun);
  return typeof verbs === 'object' && verbs !== null ? ownMember(verbs, verb) : undefined;
}

function ownMember(holder: object, name: string): unknown {
  return Object.hasOwn(holder, name) ? holder[name as keyof typeof holder] : undefined;
}

/** The first few faults with the way to them; nothing of the values, which may be long or private. */
export function faults(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'all'}: ${issue.message}`)
    .join('; ');
}
