"""`minga backup`, `minga restore`, `minga backup-key`, and the section `[backup]`."""
