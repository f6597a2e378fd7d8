import { type ReactNode, useEffect, useRef } from "react";

/** The heading of a view; it takes the focus as the view appears, so that nobody is left behind. */
export function Title({ children, quiet = false }: { children: ReactNode; quiet?: boolean }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!quiet) title.current?.focus();
  }, [quiet]);
  return (
    <h2 ref={title} tabIndex={-1}>
      {children}
    </h2>
  );
}
