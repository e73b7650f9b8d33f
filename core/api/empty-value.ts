/** The plainest value that a schema of the contract takes: for doubles in tests and previews, where most of an answer does not matter. */
import { z } from 'zod';

/** Nothing, zero, as few members as are allowed, the first choice, and the default where there is one. Throws for a kind of schema that the contract does not use. */
export function emptyValue(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault) return schema.parse(undefined);
  // What it falls back to is meant to be plain.
  if (schema instanceof z.ZodCatch) return schema.parse(undefined);
  if (schema instanceof z.ZodNullable) return null;
  if (schema instanceof z.ZodOptional) return undefined;
  if (schema instanceof z.ZodArray) return schema.safeParse([]).success ? [] : [emptyValue(inner(schema.element))];
  if (schema instanceof z.ZodBoolean) return false;
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodNumber) return firstValid(schema, [0, 1]);
  if (schema instanceof z.ZodString) return firstValid(schema, ['', '-', '0'.repeat(64)]);
  if (schema instanceof z.ZodUnion) return emptyValue(inner(schema.options[0]));
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape).map(([name, member]) => [name, emptyValue(inner(member))] as const);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
  }
  throw new TypeError(`There is no empty value for a schema of type "${schema.type}".`);
}

/** zod's own containers name their parts by a wider type. */
function inner(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('A part of a schema is no schema.');
}

function firstValid(schema: z.ZodType, candidates: readonly unknown[]): unknown {
  const found = candidates.find((candidate) => schema.safeParse(candidate).success);
  if (found === undefined) throw new TypeError('A number or string of the contract takes none of the plain values.');
  return found;
}
