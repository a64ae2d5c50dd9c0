import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { appArgs, appEnvironment, electronPath, launchStudio, temporaryHome, type RunningStudio } from './launch.ts';

let home: ReturnType<typeof temporaryHome>;
let studio: RunningStudio;

test.beforeAll(async () => {
  home = temporaryHome();
  studio = await launchStudio(home.path);
});
test.afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** Start the app beside the tests and see how it ends. */
async function runToEnd(env: Record<string, string>): Promise<{ readonly code: unknown; readonly errors: string }> {
  const child = spawn(electronPath(), appArgs, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const [code] = (await once(child, 'exit')) as [unknown];
  return { code, errors };
}

test('opens one visible window on our own scheme', async () => {
  const { app, page } = studio;
  expect(page.url()).toBe('app://studio/');
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())))
    .toEqual([true]);
  const [width, height] = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize() ?? []);
  expect(width).toBeGreaterThanOrEqual(1024);
  expect(height).toBeGreaterThanOrEqual(640);
});

test('keeps everything of Chromium in the home folder', async () => {
  const folder = await studio.app.evaluate(({ app }) => app.getPath('userData'));
  expect(folder).toBe(join(home.path, 'electron'));
  expect(existsSync(join(home.path, 'runs.db'))).toBe(true);
});

test('gives the page no node, and of Electron only three functions', async () => {
  const seen = await studio.page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(Reflect.get(window, 'studio') as object).sort(),
  }));
  expect(seen).toEqual({ node: [], bridge: ['call', 'inspect', 'onFeed'] });
});

test('runs no inline script, no inline handler and no eval', async () => {
  const { page } = studio;
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.handlerRan = true');
    image.src = 'data:,';
    document.body.append(image);
    return 'inlineRan' in window || 'handlerRan' in window;
  });
  expect(ran).toBe(false);
  // As the page's own script would: what the test tool evaluates is let through by the debugger.
  const evalEnd = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        // The inline script above may be reported only now.
        window.addEventListener(
          'securitypolicyviolation',
          ({ blockedURI }) => blockedURI === 'inline' || resolve(blockedURI),
        );
        // A handler as text is what the policy has to refuse.
        Reflect.apply(setTimeout, window, ['window.timerRan = true', 0]);
        setTimeout(() => resolve('not blocked'), 2_000);
      }),
  );
  expect(evalEnd).toBe('eval');
  expect(await page.evaluate(() => 'timerRan' in window)).toBe(false);
});

test('reaches nothing outside: no fetch, no frame, no other file', async () => {
  const outcomes = await studio.page.evaluate(async () => {
    const attempt = (url: string): Promise<string> =>
      fetch(url).then(
        ({ status }) => String(status),
        () => 'refused',
      );
    return Promise.all(
      ['https://example.com/', 'file:///etc/passwd', 'app://other/', 'app://studio/%2e%2e/main/index.js'].map(attempt),
    );
  });
  expect(outcomes).toEqual(['refused', 'refused', 'refused', '404']);
});

test('blocks foreign requests even where the policy of the page does not apply', async () => {
  const outcome = await studio.app.evaluate(async ({ net }) =>
    net.fetch('http://127.0.0.1:9/').then(
      () => 'answered',
      (cause: unknown) => String(cause),
    ),
  );
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
});

for (const target of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,hello', 'app://other/'])
  test(`does not navigate to ${target}`, async () => {
    const { page } = studio;
    await page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      window.location.href = url;
    }, target);
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://studio/');
  });

test('opens no second window', async () => {
  const { app, page } = studio;
  expect(await page.evaluate(() => window.open('app://studio/') === null)).toBe(true);
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
  expect(app.windows()).toHaveLength(1);
});

test('grants no permission', async () => {
  const states = await studio.page.evaluate(async () => ({
    notification: await Notification.requestPermission(),
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'granted',
      (cause: unknown) => (cause instanceof Error ? cause.name : String(cause)),
    ),
  }));
  expect(states.notification).toBe('denied');
  expect(['NotAllowedError', 'NotFoundError']).toContain(states.camera);
});

interface RawBridge {
  call(route: unknown, input: unknown): Promise<unknown>;
}

test('answers the table of routes and nothing else', async () => {
  const answers = await studio.page.evaluate(async () => {
    const bridge = Reflect.get(window, 'studio') as RawBridge;
    return {
      unknown: await bridge.call('shell.run', null),
      inherited: await bridge.call('constructor', null),
      badInput: await bridge.call('job.cancel', { jobId: '../..' }),
      tooLarge: await bridge.call('prompt.check', { prompt: 'x'.repeat(2_000_000) }),
      snapshot: await bridge.call('app.snapshot', null),
    };
  });
  expect(answers.unknown).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(answers.inherited).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(answers.badInput).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(answers.tooLarge).toMatchObject({ ok: false, error: { code: 'too-large' } });
  expect(answers.snapshot).toMatchObject({
    ok: true,
    value: { past: { events: [], olderThan: null }, settings: { version: 2 } },
  });
});

test('hears what was told before an answer before the answer, also when there is much to hear', async () => {
  const { app, page } = studio;
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const preview = { kind: 'preview', rgb: new Uint8Array(500_000) };
    // So many at most, though the page be slow: a page that is sent more than it can hold is lost.
    let left = 150;
    // Kept by name, since what is evaluated here shares nothing with what is evaluated later.
    Reflect.set(
      globalThis,
      'muchToHear',
      setInterval(() => {
        if (left > 0) contents?.send('studio:feed', preview);
        left -= 1;
      }, 2),
    );
  });
  const order = await page.evaluate(async () => {
    const bridge = Reflect.get(window, 'studio') as RawBridge & {
      onFeed(listener: (event: { kind: string; projects?: readonly { name: string }[] }) => void): () => void;
    };
    let known: readonly string[] = [];
    const stop = bridge.onFeed(({ projects }) => {
      known = projects?.map(({ name }) => name) ?? known;
    });
    const early: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const name = `order ${count}`;
      await bridge.call('project.create', { name });
      if (!known.includes(name)) early.push(name);
    }
    stop();
    return { early, heard: known.filter((name) => name.startsWith('order')).length };
  });
  await app.evaluate(() => clearInterval(Reflect.get(globalThis, 'muchToHear') as NodeJS.Timeout));
  // The answer to this is the last of it, so that nothing is left over for the next test.
  await page.evaluate(async () => (Reflect.get(window, 'studio') as RawBridge).call('app.snapshot', null));
  expect(order).toEqual({ early: [], heard: 20 });
});

test('hands numbers of a preview to the page as bytes', async () => {
  const { app, page } = studio;
  const heard = page.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        const bridge = Reflect.get(window, 'studio') as {
          onFeed(listener: (event: { kind: string; rgb: unknown }) => void): () => void;
        };
        const stop = bridge.onFeed(({ kind, rgb }) => {
          // The studio has news of its own, such as an engine that has just warmed up.
          if (kind !== 'preview') return;
          stop();
          resolve(rgb instanceof Uint8Array && [...rgb]);
        });
        document.title = 'listening';
      }),
  );
  // Asked in the page: the test tool itself still waits for the navigations that were refused above.
  await expect.poll(() => page.evaluate(() => document.title)).toBe('listening');
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.send('studio:feed', {
      kind: 'preview',
      rgb: new Uint8Array([1, 2, 3]),
    });
  });
  expect(await heard).toEqual([1, 2, 3]);
});

test('a second start ends at once and leaves the first in peace', async () => {
  const { code } = await runToEnd(appEnvironment(home.path));
  expect(code).toBe(0);
  expect(studio.app.windows()).toHaveLength(1);
});

test('comes back after the page has crashed', async () => {
  const { app } = studio;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await expect
    .poll(() =>
      app.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (!contents || contents.isCrashed() || contents.isLoading()) return 'down';
        // A page that is dying never answers.
        const late = new Promise<unknown>((resolve) => setTimeout(() => resolve('late'), 1_000));
        const answer = contents.executeJavaScript('window.studio.call("app.snapshot", null).then(({ ok }) => ok)');
        return Promise.race([answer as Promise<unknown>, late]);
      }),
    )
    .toBe(true);
});

test('says why it cannot start, and ends with 1, when the home folder is no folder', async () => {
  const file = join(home.path, 'not-a-folder');
  writeFileSync(file, '');
  const { code, errors } = await runToEnd(appEnvironment(file));
  expect(errors).toContain(file);
  expect(errors).toContain('STEADYFRAME_HOME');
  expect(code).toBe(1);
});

test('ends when it is closed without a pack, when there is nothing to wait for', async () => {
  using empty = temporaryHome();
  const program = join(empty.path, 'program');
  mkdirSync(join(program, 'models'), { recursive: true });
  const { app } = await launchStudio(join(empty.path, 'home'), program);
  const end = once(app.process(), 'exit');
  await app.evaluate(({ app: electron }) => electron.quit());
  expect((await end)[0]).toBe(0);
});
