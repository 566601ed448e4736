"""Services that are paid for already: earned by a membership, or bought ahead."""
