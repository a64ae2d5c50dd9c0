import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { withRoom } from '../../../main/job/job-history.ts';

it('lets a database that was spoiled from outside cost the history, and no bug pass for one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-history-'));
  try {
    const [path, garbage] = [join(folder, 'a.db'), join(folder, 'garbage.db')];
    using made = new DatabaseSync(path);
    made.exec('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)');
    await writeFile(garbage, 'x'.repeat(5_000));
    using spoiled = new DatabaseSync(garbage);
    using closed = new DatabaseSync(path, { readOnly: true });
    expect(withRoom(() => closed.exec('INSERT INTO t VALUES (2)'))).toMatchObject({
      kind: 'output-unwritable',
    });
    expect(withRoom(() => spoiled.exec('CREATE TABLE t (id)'))).toMatchObject({ kind: 'output-unwritable' });
    expect(withRoom(() => made.exec('INSERT INTO t VALUES (3)'))).toBeNull();
    expect(() => withRoom(() => made.exec('INSERT INTO t VALUES (1)'))).toThrow(/UNIQUE/);
    expect(() => withRoom(() => made.exec('INSERT INTO none VALUES (1)'))).toThrow(/no such table/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
