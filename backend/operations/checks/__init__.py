"""The promises of design §1, each as checks that name what breaks it."""
