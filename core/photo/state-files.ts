/** What the state folder remembers between runs, as data. Whatever does not parse is forgotten. */
import { z } from 'zod';
import { deviceReportSchema, devices } from './device.ts';

/** Which process on which machine made something, so that a later run can tell whether it still lives. */
export const processIdentitySchema = z.object({
  pid: z.int().positive(),
  /** Six hex digits of the machine's name: a folder may be shared between machines. */
  machine: z.string(),
  /** The kernel's id of this start of the machine, and the process's start in its clock ticks; null where not to be had. */
  boot: z.string().nullable(),
  startTicks: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** What a run may leave behind when it is killed: temp files in these absolute folders. */
export const runJournalSchema = z.object({ process: processIdentitySchema, folders: z.array(z.string()).readonly() });
export type RunJournal = z.infer<typeof runJournalSchema>;

/** Network output pixels a millisecond, by model file and device. */
export const speedsSchema = z.record(z.string(), z.number().positive());

/** What was found out about the devices, and a word for the circumstances; under others it holds no more. */
export const deviceMemorySchema = z.object({
  circumstances: z.string(),
  checks: z.array(z.object({ device: z.enum(devices), model: z.string(), reports: z.array(deviceReportSchema) })),
  /** By model: throughput of all devices at once over that of the best alone. */
  gains: z.record(z.string(), z.number().positive()),
});
