/** A client without a program behind it: every state of a host, also those that are hard to reach, in one line. */
import { EnlargerError } from '../photo/failure.ts';
import { createClient, type Client } from './client.ts';
import { contract, type AllHandlers, type AnyCall, type Noun, type Parsed, type Result, type Verb } from './contract.ts';
import { createDispatcher } from './dispatcher.ts';
import { emptyValue } from './empty-value.ts';

/** What a call answers: a value, an error that it fails with, or a function of what was asked. */
type Answer<N extends Noun, V extends Verb<N>> =
  Result<N, V> | EnlargerError | ((params: Parsed<N, V>) => Result<N, V> | Promise<Result<N, V>>);

export type Overrides = { readonly [N in Noun]?: { readonly [V in Verb<N>]?: Answer<N, V> } };

export interface TestDouble {
  readonly client: Client;
  /** Everything that was asked, in order, parsed. */
  readonly calls: readonly { readonly call: string; readonly params: unknown }[];
}

/** Calls that are not overridden answer the emptiest value of their schema. Overrides that break the contract fail their call. */
export function createTestDouble(overrides: Overrides = {}): TestDouble {
  const calls: { call: string; params: unknown }[] = [];
  const answers = overrides as Record<string, Record<string, unknown> | undefined>;
  const handlers = Object.entries<Readonly<Record<string, AnyCall>>>(contract).map(([noun, verbs]) => [
    noun,
    Object.fromEntries(
      Object.entries(verbs).map(([verb, { result }]) => [
        verb,
        async (params: unknown): Promise<unknown> => {
          calls.push({ call: `${noun}.${verb}`, params });
          const answer = answers[noun]?.[verb];
          if (answer instanceof EnlargerError) throw answer;
          if (typeof answer === 'function') return await (answer as (params: unknown) => unknown)(params);
          return answer ?? emptyValue(result);
        },
      ]),
    ),
  ]);
  return { client: createClient(createDispatcher(Object.fromEntries(handlers) as AllHandlers)), calls };
}
