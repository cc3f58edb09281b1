"""Field packs (外带包): what an account takes along for work without network, and which browsers have one."""
