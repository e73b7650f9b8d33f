import { describe, expect, it } from 'vitest';
import { cpuFacts, parseCpuInfo } from '../../../core/host/cpu.ts';
import { cpuText } from '../../../cli/devices.ts';

const thread = (physical: number, core: number, flags: string): string =>
  `processor\t: 0\nphysical id\t: ${String(physical)}\ncore id\t\t: ${String(core)}\nflags\t\t: ${flags}\n`;

describe('/proc/cpuinfo', () => {
  it('counts cores, not threads, over all sockets', () => {
    const text = [thread(0, 0, 'sse'), thread(0, 1, 'sse'), thread(0, 0, 'sse'), thread(1, 0, 'sse')].join('\n');
    expect(parseCpuInfo(text).cores).toBe(3);
  });

  it('names the instruction sets that matter, by whole words', () => {
    expect(parseCpuInfo(thread(0, 0, 'fpu avx2 avx512f avx512_vnni')).vectorSets).toEqual(['AVX2', 'AVX-512', 'AVX-512 VNNI']);
    expect(parseCpuInfo(thread(0, 0, 'fpu avx512fp16')).vectorSets).toEqual([]);
    expect(parseCpuInfo('processor : 0\nFeatures : fp asimd asimddp i8mm\n')).toEqual({
      cores: null,
      vectorSets: ['Arm dot product', 'Arm int8 matrix'],
    });
  });

  it('admits what it does not say', () => {
    expect(parseCpuInfo('')).toEqual({ cores: null, vectorSets: null });
  });
});

describe('the CPU entry', () => {
  it('is true of this computer', async () => {
    const facts = await cpuFacts();
    expect(facts.threads).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(0);
    expect(cpuText(facts)).toContain(facts.name);
  });

  it('leaves out what is not known', () => {
    const text = cpuText({ name: 'Some CPU', threads: 1, cores: null, memoryBytes: 8e9, vectorSets: null });
    expect(text).toBe('cpu     Some CPU: 1 thread, 8 GB of memory\n');
  });
});
