"""Acts that one person may not do alone: a second approver, or a delay that can be cancelled."""
