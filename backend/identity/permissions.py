"""Roles are sets of permissions; an API key carries permissions directly, as scopes."""

READ = frozenset(
    {
        "leads:read",
        "clinical:read",
        "faxes:read",
        "tasks:read",
        "directory:read",
        "messages:read",
        "schedule:read",
        "intake:read",
        "coverage:read",
        "care:read",
        "referrers:read",
        "letters:read",
        "reports:read",
    }
)
DESK = READ | {
    "leads:write",
    "faxes:write",
    "tasks:write",
    "messages:write",
    "schedule:write",
    "intake:write",
    "coverage:write",
    "care:write",
    "referrers:write",
    "letters:write",
}
MANAGE = DESK | {
    "imports:write",
    "reports:write",
    "settings:read",
    "settings:write",
    "operations:read",
    "operations:write",
    "audit:read",
}

ROLES: dict[str, frozenset[str]] = {
    "owner": MANAGE | {"api_keys:write"},
    "manager": MANAGE,
    "front_desk": DESK,
    "clinician": READ | {"tasks:write", "schedule:write", "care:write", "letters:write"},
    # A liaison visits referrers: sees where a referral stands, not what is wrong with the patient.
    "liaison": frozenset(
        {
            "leads:read",
            "tasks:read",
            "tasks:write",
            "directory:read",
            "referrers:read",
            "referrers:write",
            "reports:read",
        }
    ),
    "auditor": READ | {"settings:read", "operations:read", "audit:read"},
}

ALL = frozenset().union(*ROLES.values())


def of_roles(roles: list[str]) -> frozenset[str]:
    """Everything these roles allow together."""
    return frozenset().union(*(ROLES[role] for role in roles))
