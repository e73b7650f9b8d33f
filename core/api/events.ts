/** News from the host to whoever listens: windows, sockets, tests. */
import { events, type EventName, type EventValue } from './contract.ts';
import { faults } from './dispatcher.ts';

type Listener<E extends EventName> = (value: EventValue<E>) => void;
/** The state of now of each event that has one; null where there is nothing to tell yet. */
export type EventStates = { readonly [E in EventName]?: () => EventValue<E> | null };

export interface Events {
  /** Says whether anybody heard it. */
  emit<E extends EventName>(event: E, value: EventValue<E>): boolean;
  /** The listener hears the state of now first, where the event has one. Returns what ends the subscription; calling that twice does no harm. */
  subscribe<E extends EventName>(event: E, listener: Listener<E>): () => void;
}

export interface EventOptions {
  readonly states?: EventStates;
  /** Development and tests: a value that breaks the contract throws where it is emitted. */
  readonly check?: boolean;
}

/** A listener that throws keeps nobody else from hearing; its error reaches the process as an uncaught one. */
export function createEvents({ states = {}, check = false }: EventOptions = {}): Events {
  const listeners = new Map<EventName, Set<(value: unknown) => void>>();

  const emit = (event: EventName, value: unknown): boolean => {
    if (check) {
      const parsed = events[event].safeParse(value);
      if (!parsed.success) throw new TypeError(`The event "${event}" was emitted with wrong values (${faults(parsed.error)}).`);
    }
    // A copy: a listener may end its own subscription, or begin another one.
    const told = [...(listeners.get(event) ?? [])];
    for (const listener of told) tell(listener, value);
    return told.length > 0;
  };

  return {
    emit,
    subscribe<E extends EventName>(event: E, listener: Listener<E>) {
      // The same function may be subscribed twice, and each subscription ends alone.
      const own = (value: unknown): void => {
        listener(value as EventValue<E>);
      };
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(own));
      const state: EventValue<E> | null | undefined = states[event]?.();
      if (state !== null && state !== undefined) tell(own, state);
      return () => void known.delete(own);
    },
  };
}

function tell(listener: (value: unknown) => void, value: unknown): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
