import { useId, useRef, useState } from 'react';

import { DEFAULT_PROJECT_ID } from '../../app/contract/default.ts';
import type { StudioProject } from '../../app/contract/studio-project.ts';
import { Icon, IconButton } from '../base/icon.tsx';
import type { StudioText } from '../locale/en.ts';
import { useText } from '../locale/use-text.ts';
import { createProject, deleteProject, jobsIn, openProject, renameProject } from '../state/projects.ts';
import { useStudio } from '../state/studio-store.ts';
import { Confirm } from './confirm.tsx';
import { Dialog } from './dialog.tsx';

/** The first project has no name of its own until the user gives it one. */
export const projectName = ({ name }: StudioProject, text: StudioText): string => name || text.projectFirst;

/** The studio's projects: open one, name it, make another. */
export function ProjectsDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const projects = useStudio((state) => state.projects);
  const open = useStudio((state) => state.projectId);
  const jobs = useStudio((state) => state.jobs);
  const [renamed, setRenamed] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<StudioProject | null>(null);
  const remove = async (project: StudioProject): Promise<string | null> => {
    const refused = await deleteProject(project.id);
    // What could not even be asked was told already.
    return refused === null || refused === 'unsaid' ? null : text.refusal[refused];
  };
  return (
    <Dialog title={text.projects} className="projects" onClose={onClose}>
      <p className="hint">{text.projectsHint}</p>
      <ul className="project-list">
        {projects.map((project) => (
          <li key={project.id}>
            {renamed === project.id ? (
              <NameForm
                label={text.projectNewName}
                action={text.projectRename}
                name={project.name}
                isAskedFor
                onName={async (name) => renameProject(project.id, name)}
                onDone={() => setRenamed(null)}
              />
            ) : (
              <>
                <button
                  type="button"
                  className="project-choice"
                  aria-current={project.id === open ? 'true' : undefined}
                  onClick={() => {
                    openProject(project.id);
                    onClose();
                  }}
                >
                  <Icon name={project.id === open ? 'check' : 'dash'} />
                  <span className="project-name">{projectName(project, text)}</span>
                  <span className="figure faint">{text.clipCount(jobsIn(jobs, project.id).length)}</span>
                </button>
                <IconButton
                  icon="pen"
                  label={text.projectRenameOne(projectName(project, text))}
                  onPress={() => setRenamed(project.id)}
                />
                {project.id !== DEFAULT_PROJECT_ID && (
                  <IconButton
                    icon="trash"
                    label={text.projectDeleteOne(projectName(project, text))}
                    onPress={() => setDoomed(project)}
                  />
                )}
              </>
            )}
          </li>
        ))}
      </ul>
      {doomed && (
        <Confirm
          title={text.projectDeleteAsk(projectName(doomed, text))}
          lines={[text.goesClips(jobsIn(jobs, doomed.id).length), text.goesLearned, text.staysExported]}
          action={text.projectDelete}
          onConfirm={async () => remove(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
      <h3>{text.projectNew}</h3>
      <NameForm
        label={text.projectNewName}
        action={text.projectCreate}
        name=""
        onName={createProject}
        onDone={onClose}
      />
    </Dialog>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly action: string;
  readonly name: string;
  /** It came because of a key: the next one is meant for it. */
  readonly isAskedFor?: boolean;
  readonly onName: (name: string) => ReturnType<typeof createProject>;
  readonly onDone: () => void;
}

function NameForm({ label, action, name, isAskedFor = false, onName, onDone }: NameFormProps) {
  const text = useText();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(name);
  const [refusal, setRefusal] = useState<Awaited<ReturnType<typeof createProject>>>(null);
  const send = async (): Promise<void> => {
    const refused = await onName(typed);
    setRefusal(refused);
    if (refused === null) onDone();
    else field.current?.focus();
  };
  return (
    <form
      className="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label className="for-ears" htmlFor={id}>
        {label}
      </label>
      <input
        ref={field}
        id={id}
        type="text"
        value={typed}
        placeholder={label}
        autoFocus={isAskedFor}
        aria-invalid={refusal !== null}
        aria-describedby={`${id}-refusal`}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      <button type="submit" className="button" disabled={typed.trim() === ''}>
        {action}
      </button>
      <p id={`${id}-refusal`} className="refusal" role="alert">
        {refusal !== null && refusal !== 'unsaid' && text.refusal[refusal]}
      </p>
    </form>
  );
}
