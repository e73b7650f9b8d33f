import type { SpawnSyncReturns } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from '../temporary-tree.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const LOCKFILE = JSON.stringify({
  lockfileVersion: 3,
  packages: { '': { name: 'app' }, 'node_modules/a': { version: '1.0.0' } },
});

/** Stands for npm: notes that it was called and installs what the lockfile of these tests asks for. */
const FAKE_NPM = `
  const fs = require('node:fs');
  fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
  fs.rmSync('node_modules', { recursive: true, force: true });
  if (process.env.FAKE_NPM_FAILS) {
    process.stderr.write('npm error code ' + process.env.FAKE_NPM_FAILS + '\\n');
    process.exit(1);
  }
  if (process.env.FAKE_NPM_FORGETS) process.exit(0);
  fs.mkdirSync('node_modules/a', { recursive: true });
  fs.writeFileSync('node_modules/a/package.json', '{}');
  process.stdout.write('added 1 package\\n');
`;

/** A checkout with the real bootstrap, a program, and an npm that needs no network. */
function checkout(program: string): string {
  const root = temporaryTree({ 'package-lock.json': LOCKFILE, 'cli/main.ts': program, 'tools/npm-cli.js': FAKE_NPM });
  cpSync(path.join(repository, 'build', 'bootstrap.mjs'), path.join(root, 'build', 'bootstrap.mjs'));
  cpSync(path.join(repository, 'build', 'bootstrap'), path.join(root, 'build', 'bootstrap'), { recursive: true });
  return root;
}

function environment(root: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    npm_execpath: path.join(root, 'tools', 'npm-cli.js'),
    npm_node_execpath: process.execPath,
    ...more,
  };
}

function bootstrap(root: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const command = [path.join(root, 'build', 'bootstrap.mjs'), 'cli/main.ts', ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env: environment(root, more) });
}

function npmCalls(root: string): number {
  const log = path.join(root, 'npm-calls');
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
}

const ECHO = 'const args: string[] = process.argv.slice(2);\nconsole.log(JSON.stringify({ args, cwd: process.cwd() }));\n';

describe('the bootstrap', () => {
  it('installs once, and keeps stdout for the program', () => {
    const root = checkout(ECHO);
    for (const args of [
      ['--json', 'a b', ''],
      ['*', '--', "'"],
    ]) {
      const { status, stdout } = bootstrap(root, args);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ args, cwd: root });
    }
    expect(npmCalls(root)).toBe(1);
    expect(readFileSync(path.join(root, 'npm-calls'), 'utf8')).toMatch(/^ci .*--ignore-scripts/);
  });

  it('installs anew when the lockfile changed, and when the installation is gone', () => {
    const root = checkout(ECHO);
    bootstrap(root);
    writeFileSync(path.join(root, 'package-lock.json'), `${LOCKFILE}\n`);
    bootstrap(root);
    expect(npmCalls(root)).toBe(2);
    spawnSync('rm', ['-rf', path.join(root, 'node_modules')]);
    bootstrap(root);
    expect(npmCalls(root)).toBe(3);
  });

  it('installs anew after an installation that failed half-way', () => {
    const root = checkout(ECHO);
    expect(bootstrap(root, [], { FAKE_NPM_FAILS: 'ENOSPC' }).status).toBe(1);
    expect(bootstrap(root).status).toBe(0);
    expect(npmCalls(root)).toBe(2);
  });

  it('accepts what the user installed by hand', () => {
    const root = checkout(ECHO);
    mkdirSync(path.join(root, 'node_modules', 'a'), { recursive: true });
    writeFileSync(path.join(root, 'node_modules', 'a', 'package.json'), '{}');
    writeFileSync(path.join(root, 'node_modules', '.package-lock.json'), LOCKFILE);
    expect(bootstrap(root).status).toBe(0);
    expect(npmCalls(root)).toBe(0);
  });

  it('installs once when several start at the same time', async () => {
    const root = checkout(ECHO);
    const command = [path.join(root, 'build', 'bootstrap.mjs'), 'cli/main.ts'];
    const starts = Array.from({ length: 4 }, () =>
      once(spawn(process.execPath, command, { cwd: root, env: environment(root) }), 'exit'),
    );
    expect(await Promise.all(starts)).toEqual(starts.map(() => [0, null]));
    expect(npmCalls(root)).toBe(1);
  });

  it.each([
    ['npm fails for want of a network', { FAKE_NPM_FAILS: 'ENOTFOUND' }, /registry cannot be reached/],
    ['npm succeeds without a package', { FAKE_NPM_FORGETS: '1' }, /could not fetch a\./],
    ['there is no npm', { npm_execpath: undefined, PATH: '/nonexistent' }, /npm cannot be started.*nodejs\.org/],
  ])('says what to do when %s', (_case, more, says) => {
    const { status, stdout, stderr } = bootstrap(checkout(ECHO), [], more);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says what to do when the lockfile is gone', () => {
    const root = checkout(ECHO);
    spawnSync('rm', [path.join(root, 'package-lock.json')]);
    expect(bootstrap(root).stderr).toMatch(/git checkout package-lock\.json/);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says what to do when the folder is read-only', () => {
    const root = checkout(ECHO);
    chmodSync(root, 0o555);
    const { status, stderr } = bootstrap(root);
    chmodSync(root, 0o755);
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot be written/);
  });

  it.each([0, 1, 2, 130])('ends with the exit code %i of the program', (code) => {
    expect(bootstrap(checkout(`process.exitCode = ${code};\n`)).status).toBe(code);
  });

  it('says how to use it when no program is named', () => {
    const root = checkout(ECHO);
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'build', 'bootstrap.mjs')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('cli/main.ts');
  });

  it('runs the program where the user is, not where npm run went', () => {
    const root = checkout(ECHO);
    const elsewhere = temporaryTree();
    const cwdWith = (env: NodeJS.ProcessEnv): unknown => (JSON.parse(bootstrap(root, [], env).stdout) as { cwd: unknown }).cwd;
    for (const command of ['enlarger', 'start'])
      expect(cwdWith({ npm_lifecycle_event: command, INIT_CWD: elsewhere })).toBe(elsewhere);
    expect(cwdWith({ npm_lifecycle_event: 'test', INIT_CWD: elsewhere })).toBe(root);
    expect(cwdWith({ INIT_CWD: elsewhere })).toBe(root);
  });

  it('hands down what silences notes on new parts of Node, and a cache for compiled code, to every process', () => {
    const root = checkout('console.log(process.env.NODE_OPTIONS, process.env.NODE_COMPILE_CACHE);\n');
    const { stdout } = bootstrap(root, [], { NODE_OPTIONS: '--no-deprecation' });
    expect(stdout).toBe(
      `--no-deprecation --disable-warning=ExperimentalWarning ${path.join(root, 'node_modules', '.cache', 'compile')}\n`,
    );
  });

  it('works from a checkout reached through a link', () => {
    const root = checkout(ECHO);
    const link = path.join(temporaryTree(), 'link');
    symlinkSync(root, link, 'dir');
    expect(bootstrap(link).status).toBe(0);
    expect(bootstrap(root).status).toBe(0);
    expect(npmCalls(root)).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('a signal to the bootstrap', () => {
  /** Notes each signal and ends a moment later, as a program does that has to clean up. */
  const CLEANS_UP = `
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
      process.on(signal, () => { console.log(signal); setTimeout(() => process.exit(code), 300); });
    }
    setInterval(() => {}, 1000);
    console.log('ready');
  `;

  async function signalled(
    program: string,
    signals: readonly NodeJS.Signals[],
  ): Promise<{ code: number | null; stdout: string }> {
    const root = checkout(program);
    const child = spawn(process.execPath, [path.join(root, 'build', 'bootstrap.mjs'), 'cli/main.ts'], {
      cwd: root,
      env: environment(root),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '') for (const signal of signals) child.kill(signal);
      stdout += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s reaches the program once, and its end is waited for', async (signal, code) => {
    expect(await signalled(CLEANS_UP, [signal])).toEqual({ code, stdout: `ready\n${signal}\n` });
  });

  it('becomes the exit code of a program that does not handle it', async () => {
    expect((await signalled("console.log('ready'); setInterval(() => {}, 1000);", ['SIGINT'])).code).toBe(130);
    expect((await signalled("console.log('ready'); setInterval(() => {}, 1000);", ['SIGTERM'])).code).toBe(143);
  });
});

describe('the stamp', () => {
  it('names the lockfile and the machine', () => {
    const root = checkout(ECHO);
    bootstrap(root);
    const hash = createHash('sha256').update(LOCKFILE).digest('hex');
    expect(readFileSync(path.join(root, 'node_modules', '.enlarger-installed'), 'utf8')).toBe(
      `${hash} ${process.platform} ${process.arch}\n`,
    );
  });
});
