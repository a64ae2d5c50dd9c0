import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { Language } from '../../app/base/figure.ts';
import { messageOf } from '../../app/base/message-of.ts';
import { describeFault, describeVerdict } from '../../app/monitor/diagnosis.ts';
import { checkFileWritable } from '../export/writable.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { openFlowMeter } from '../monitor/flow-meter.ts';
import { inspectVideo, type InspectProgress } from '../monitor/inspect-video.ts';
import { replaceFile } from '../store/atomic-file.ts';
import type { CommandContext } from './context.ts';
import { CommandProblem, exitCodes } from './problem.ts';

const LEGAL = 'legal: CLIP, any video file that ffmpeg reads, and --report FILE.json';

/** The frame monitors over one video: the diagnosis in words, and as a report where one is asked for. */
export async function inspect(
  args: readonly string[],
  { root, write, isTerminal, signal }: CommandContext,
): Promise<void> {
  const { clip, report } = parse(args);
  const path = resolve(clip);
  const reportPath = report === undefined ? null : resolve(report);
  if (reportPath !== null) {
    if (reportPath === path)
      throw new CommandProblem(exitCodes.badRequest, `--report "${report}" is the clip itself; ${LEGAL}`);
    const writable = await checkFileWritable(reportPath);
    if (!writable.ok)
      throw new CommandProblem(
        writable.error.kind === 'wrong-name' ? exitCodes.badRequest : exitCodes.unwritable,
        `--report ${writable.error.detail}`,
      );
  }

  await using flow = await openFlowMeter(root, spawnNodeEngine);
  const onProgress = ({ framesDone, frameCount }: InspectProgress): void => {
    if (isTerminal) write(`\r\u001b[2Kframes   ${framesDone}${frameCount === null ? '' : `/${frameCount}`}`);
  };
  const found = await inspectVideo(path, signal, onProgress, flow);
  if (isTerminal) write('\r\u001b[2K');
  if (!found.ok) {
    const { kind, detail } = found.error;
    const isRequest = kind === 'missing' || kind === 'unreadable';
    throw new CommandProblem(
      isRequest ? exitCodes.badRequest : exitCodes.unwritable,
      isRequest ? `"${clip}" can't be inspected: ${detail}; ${LEGAL}` : `"${clip}" was not inspected: ${detail}`,
    );
  }

  const { clip: facts, attempts, notes } = found.value;
  const language = localeOf(process.env);
  const faults = attempts.flatMap((attempt) => attempt.faults);
  write(
    `${describeVerdict(faults, facts.frameCount, language)} (${facts.widthPx}x${facts.heightPx}, ${Number(facts.fps.toFixed(3))} fps)\n`,
  );
  for (const fault of faults) write(`${describeFault(fault, facts.fps, language)}\n`);
  for (const note of notes) write(`${note}\n`);
  if (reportPath !== null) await replaceFile(reportPath, `${JSON.stringify(found.value, null, 2)}\n`);
}

function parse(args: readonly string[]): { readonly clip: string; readonly report: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { report: { type: 'string' } },
      strict: true,
      allowPositionals: true,
    });
    const [clip] = positionals;
    if (clip === undefined || clip === '' || positionals.length > 1)
      throw new Error(`inspect takes one clip, not ${clip === '' ? 'an empty name' : positionals.length}`);
    return { clip, report: values.report };
  } catch (cause) {
    const [line = ''] = messageOf(cause).split('\n');
    throw new CommandProblem(exitCodes.badRequest, `${line}; ${LEGAL}`);
  }
}

/** As POSIX programs choose their language: the first of these that is set decides. */
export function localeOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return (LC_ALL || LC_MESSAGES || LANG || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
