"""Statistics: the ledger of dates, slips and launches, kept with each commit, and read with the filter of all else."""
