import type { JobEvent } from '../../app/contract/job.ts';
import type { FeedEvent, RouteOutput } from '../../app/contract/route.ts';
import { reduceJobs, type JobList } from '../../app/plan/job-state.ts';
import { ask } from './ask.ts';
import { checkSoon } from './draft.ts';
import { foldFeed, newest } from './fold-feed.ts';
import { healthBus } from './health-bus.ts';
import { joinFeed } from './join-feed.ts';
import { jobsIn, openableProject } from './projects.ts';
import { previews } from './preview-bus.ts';
import { resourceBus } from './resource-bus.ts';
import { changeStudio, readStudio } from './studio-store.ts';
import { readTelemetry } from './telemetry.ts';

const RETRY_MS = 2_000;

/** Listen first, then ask for the past: nothing that happens in between is missed or counted twice. */
export async function connect(): Promise<void> {
  const waiting: FeedEvent[] = [];
  let isLive = false;
  window.studio?.onFeed((event) => (isLive ? hear(event) : waiting.push(event)));
  const snapshot = await askUntilAnswered();
  const heard = waiting.flatMap((event) => (event.kind === 'job' ? [event.event] : []));
  takeSnapshot(snapshot, joinFeed(snapshot.events, heard));
  for (const event of waiting) if (event.kind !== 'job') hear(event);
  isLive = true;
  await readTelemetry();
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

function takeSnapshot(snapshot: RouteOutput<'app.snapshot'>, events: readonly JobEvent[]): void {
  const { version, packs, engine, experts, projects, settings } = snapshot;
  const jobs = events.reduce<JobList>(reduceJobs, []);
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
