import type { JobEvent } from '../../app/contract/job.ts';
import type { FeedEvent, RouteOutput } from '../../app/contract/route.ts';
import type { JobList } from '../../app/plan/job-state.ts';
import { ask } from './ask.ts';
import { checkSoon } from './draft.ts';
import { foldFeed, newest } from './fold-feed.ts';
import { healthBus } from './health-bus.ts';
import { foldNewest, foldPast, withOlder } from './join-feed.ts';
import { jobsIn, openableProject } from './projects.ts';
import { previews } from './preview-bus.ts';
import { resourceBus } from './resource-bus.ts';
import { changeStudio, readStudio } from './studio-store.ts';
import { readTelemetry } from './telemetry.ts';

const RETRY_MS = 2_000;

/** Listen first, then ask for the past: nothing that happens in between is missed or counted twice. */
export async function connect(): Promise<void> {
  const waiting: FeedEvent[] = [];
  /** Of all jobs, until the whole past is there. */
  const heard: JobEvent[] = [];
  let [isLive, isWhole] = [false, false];
  window.studio?.onFeed((event) => {
    if (event.kind === 'job' && !isWhole) heard.push(event.event);
    if (isLive) hear(event);
    else waiting.push(event);
  });
  const snapshot = await askUntilAnswered();
  takeSnapshot(snapshot, foldNewest(snapshot.past.events, heard));
  for (const event of waiting) if (event.kind !== 'job') hear(event);
  isLive = true;
  await readTelemetry();
  await readOlder(snapshot.past.olderThan, heard);
  isWhole = true;
}

/** What lies farther back comes piece by piece, while the page is already in use. */
async function readOlder(from: number | null, heard: readonly JobEvent[]): Promise<void> {
  for (let olderThan = from; olderThan !== null;) {
    const answer = await ask('past.read', { olderThan });
    if (answer) {
      changeStudio(withOlder(readStudio(), foldPast(answer.value.events, heard)));
      ({ olderThan } = answer.value);
    }
    await new Promise((resolve) => setTimeout(resolve, answer ? 0 : RETRY_MS));
  }
}

function hear(event: FeedEvent): void {
  if (event.kind === 'preview') previews.publish(event);
  else if (event.kind === 'health') healthBus.publish(event.event);
  else if (event.kind === 'resources') resourceBus.publish(event.sample);
  else changeStudio(foldFeed(readStudio(), event));
}

async function askUntilAnswered(): Promise<RouteOutput<'app.snapshot'>> {
  for (;;) {
    const answer = await ask('app.snapshot', null);
    if (answer) return answer.value;
    changeStudio({ connection: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function takeSnapshot(snapshot: RouteOutput<'app.snapshot'>, jobs: JobList): void {
  const { version, packs, engine, experts, projects, settings } = snapshot;
  const projectId = openableProject(projects, settings.projectId);
  changeStudio({
    connection: 'ready',
    version,
    packs,
    engine,
    experts,
    jobs,
    projects,
    projectId,
    locale: settings.locale,
    draft: settings.draft,
    policy: settings.recovery,
    standIn: settings.standIn,
    selectedJobId: newest(jobsIn(jobs, projectId)),
    toasts: [],
  });
  checkSoon();
}
