import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { problemOf } from "../api/problem";
import { addReferrerTabs } from "./referrer-tabs";
import { createAppRouter } from "./router";
import { theme } from "./theme";

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (problemOf(error).status === 401 && window.location.pathname !== "/sign-in") {
        window.location.assign("/sign-in");
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && problemOf(error).status === 0,
    },
  },
});
addReferrerTabs();
const router = createAppRouter(queries);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="light">
      <Notifications position="bottom-center" limit={3} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
