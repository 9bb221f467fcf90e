"""What to send next, from what was answered; nothing here touches the network or the clock."""
