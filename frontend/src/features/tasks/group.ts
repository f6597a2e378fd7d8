import type { TaskOut } from "./queries";

export interface TaskGroup {
  title: string;
  tasks: TaskOut[];
}

/** Tasks as a day is worked: what is late, what is due today, what comes. Empty groups are left out. */
export function groupTasks(tasks: TaskOut[], now = new Date()): TaskGroup[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const groups: TaskGroup[] = [
    { title: "Overdue", tasks: [] },
    { title: "Today", tasks: [] },
    { title: "Later", tasks: [] },
  ];
  for (const task of tasks) {
    const due = new Date(task.due_at);
    groups[due < now ? 0 : due < midnight ? 1 : 2]?.tasks.push(task);
  }
  return groups.filter((group) => group.tasks.length > 0);
}
