/** The contract as functions: what a caller writes, whatever lies between it and the handlers. */
import { toError, type Outcome } from '../photo/failure.ts';
import { contract, type AnyCall, type Noun, type Params, type Result, type Verb } from './contract.ts';

/** Where every parameter may be left out, so may the object. */
type Arguments<P> = P extends Record<string, never> ? [params?: P] : Partial<P> extends P ? [params?: P] : [params: P];

export type Client = {
  readonly [N in Noun]: {
    /** Rejects with the `EnlargerError` of the failure that came back. */
    readonly [V in Verb<N>]: (...args: Arguments<Params<N, V>>) => Promise<Result<N, V>>;
  };
};

/** Carries one call to a dispatcher, over whatever channel, and its outcome back. */
export type Send = (noun: string, verb: string, params: unknown) => Promise<Outcome<unknown>>;

/** A client over `send`. Answers are parsed again on this side: a channel may reach a program of another version. */
export function createClient(send: Send): Client {
  const nouns = Object.entries<Readonly<Record<string, AnyCall>>>(contract).map(([noun, verbs]) => [
    noun,
    Object.fromEntries(
      Object.entries(verbs).map(([verb, { result }]) => [
        verb,
        async (params: unknown = {}): Promise<unknown> => {
          const outcome = await send(noun, verb, params);
          if (!outcome.ok) throw toError(outcome.failure);
          return result.parse(outcome.value);
        },
      ]),
    ),
  ]);
  return Object.fromEntries(nouns) as Client;
}
