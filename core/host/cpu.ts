/** What is known of this computer's processor. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';

export interface CpuFacts {
  readonly name: string;
  /** Hardware threads that this process may use. */
  readonly threads: number;
  /** Physical cores, or null where the system does not say. */
  readonly cores: number | null;
  readonly memoryBytes: number;
  /** Instruction sets that make 8-bit networks fast, slowest first; null where the system does not say. */
  readonly vectorSets: readonly string[] | null;
}

/** Asks the system. Only Linux tells cores and instruction sets without starting another program. */
export async function cpuFacts(): Promise<CpuFacts> {
  const name = cpus()[0]?.model.trim();
  const listed =
    process.platform === 'linux'
      ? parseCpuInfo(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))
      : { cores: null, vectorSets: null };
  const threads = availableParallelism();
  return {
    name: name === undefined || name === '' || name === 'unknown' ? process.arch : name,
    threads,
    ...listed,
    memoryBytes: totalmem(),
  };
}

// Names of /proc/cpuinfo (x86 "flags", Arm "Features") and what people call them.
const known: Record<string, string> = {
  avx2: 'AVX2',
  avx512f: 'AVX-512',
  avx_vnni: 'AVX-VNNI',
  avx512_vnni: 'AVX-512 VNNI',
  asimddp: 'Arm dot product',
  i8mm: 'Arm int8 matrix',
};

/** Reads the text of Linux's /proc/cpuinfo; what it does not say is null. */
export function parseCpuInfo(text: string): Pick<CpuFacts, 'cores' | 'vectorSets'> {
  const cores = new Set<string>();
  for (const block of text.split(/\n\s*\n/)) {
    const core = field(block, 'core id');
    if (core !== null) cores.add(`${field(block, 'physical id') ?? '0'}:${core}`);
  }
  const flags = (field(text, 'flags') ?? field(text, 'Features'))?.split(/\s+/);
  return {
    cores: cores.size === 0 ? null : cores.size,
    vectorSets:
      flags === undefined ? null : Object.entries(known).flatMap(([flag, name]) => (flags.includes(flag) ? [name] : [])),
  };
}

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? null;
}
