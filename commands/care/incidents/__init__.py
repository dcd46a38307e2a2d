"""Incidents and appeals: who reports them, who reads them, and who settles them."""
